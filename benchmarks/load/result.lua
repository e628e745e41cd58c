-- For wrk: prints a last line for `run`: requests, requests per second, 99th percentile in ms, all
-- that went wrong.

function done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %.0f %.2f %d\n", summary.requests,
                         summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000, wrong))
end
