-- GET requests that cycle through the tokens in TOKENS, like that many users.
local requests = {}
init = function()
  for token in string.gmatch(os.getenv("TOKENS"), "%S+") do
    requests[#requests + 1] = wrk.format("GET", nil, { [os.getenv("HEADER")] = os.getenv("SCHEME") .. token })
  end
end

local count = 0
request = function()
  count = count % #requests + 1
  return requests[count]
end
