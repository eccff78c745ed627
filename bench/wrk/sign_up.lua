-- Each request creates a new account. BODY has NEW in place of the name; RUN and the thread distinguish accounts.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

local threads = 0
setup = function(thread)
  threads = threads + 1
  thread:set("number", threads)
end

local count = 0
request = function()
  count = count + 1
  local name = string.format("new-%s-%d-%d", os.getenv("RUN"), number, count)
  return wrk.format(nil, nil, nil, (string.gsub(os.getenv("BODY"), "NEW", name)))
end
