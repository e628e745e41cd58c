-- For wrk: posts one signed form again and again; FORM and SIGNATURE are in the environment.
-- Prints a last line for `run`: requests per second, 99th percentile in ms, all that went wrong.

wrk.method = "POST"
wrk.body = os.getenv("FORM")
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
wrk.headers["X-Twilio-Signature"] = os.getenv("SIGNATURE")

-- Each thread counts its own; wrk itself counts only statuses over 399 as errors.
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() refused = 0 end
function response(status)
  if status ~= 200 then refused = refused + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.timeout
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("refused") end
  io.write(string.format("RESULT %.0f %.2f %d\n", summary.requests / summary.duration * 1e6,
                         latency:percentile(99) / 1000, wrong))
end
