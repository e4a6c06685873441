import assert from "node:assert/strict";
import { detectPlatform } from "../../../src/runtime/setup/platform.ts";

Deno.test("arm64 under Linux and macOS are platforms", () => {
  assert.equal(detectPlatform({ os: "linux", arch: "aarch64" }), "linux-arm64");
  assert.equal(detectPlatform({ os: "darwin", arch: "aarch64" }), "macos-arm64");
});

Deno.test("elsewhere the message names the platform and a way out", () => {
  assert.throws(
    () => detectPlatform({ os: "windows", arch: "x86_64" }),
    /found the platform windows x86_64, expected Linux on x86-64[^]*Subsystem for Linux/,
  );
  assert.throws(() => detectPlatform({ os: "darwin", arch: "x86_64" }), /found the platform darwin x86_64/);
});
