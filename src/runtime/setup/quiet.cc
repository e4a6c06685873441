// Compiled into the binding, so that libtensorflow heeds TF_CPP_MIN_LOG_LEVEL from its first line on. By itself it
// logs to stderr while it is being loaded, before it has read that variable. The dynamic linker resolves a library's
// call of absl::MinLogLevel to this definition first. (On macOS it does not, and the lines appear.)

#include <cstdlib>

#include "absl/log/globals.h"

namespace absl {
ABSL_NAMESPACE_BEGIN

LogSeverityAtLeast MinLogLevel() {
  static const char* const level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  return static_cast<LogSeverityAtLeast>(level == nullptr ? 0 : std::atoi(level));
}

ABSL_NAMESPACE_END
}  // namespace absl
