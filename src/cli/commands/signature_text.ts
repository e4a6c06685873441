import type { Signature } from "../../pipeline/provenance/signatures.ts";
import { dim, green, red, short, yellow } from "../terminal/text.ts";

/** Says who made a result, as far as its signature shows. */
export function signatureText(signature: Signature): string {
  switch (signature.state) {
    case "unsigned":
      return dim("unsigned");
    case "valid":
      return `${green("✓")} signed by key ${short(signature.keyId)}`;
    case "unknown":
      return `${yellow("?")} claims to be signed by key ${short(signature.keyId)}, which you don't trust`;
    case "wrong":
      return `${red("✗")} ${signature.reason}`;
  }
}
