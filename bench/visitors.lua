-- Every request comes from another address, so that rate limits see visitors and not one machine.
local visitor = 0

function request()
  visitor = visitor + 1
  wrk.headers["Accept-Language"] = "en"
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", visitor / 65536 % 256, visitor / 256 % 256, visitor % 256)
  return wrk.format("GET")
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("visitors requests=%d failed=%d microseconds=%d p50=%d p95=%d p99=%d\n",
    summary.requests, failed, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
