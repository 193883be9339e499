-- Requests for wrk. REQUESTS names a file of lines METHOD \t PATH \t BODY, sent in turn from START on;
-- HEADERS one of lines "Name: value". Prints one line of JSON.
local requests, sent = {}, tonumber(os.getenv("START") or "0")
local headers = {}
for line in io.lines(os.getenv("HEADERS")) do
  local name, value = line:match("^([^:]+): (.*)$")
  if name then headers[name] = value end
end
function init(arguments)
  for line in io.lines(os.getenv("REQUESTS")) do
    local method, path, body = line:match("^([^\t]*)\t([^\t]*)\t?(.*)$")
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end
function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
function done(summary, latency, rate)
  local e = summary.errors
  io.write(string.format('\nRESULT {"requests":%d,"seconds":%.3f,"p50":%.3f,"p95":%.3f,"bytes":%.0f,"wrong":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    summary.bytes / math.max(summary.requests, 1), e.status + e.connect + e.read + e.write + e.timeout))
end
