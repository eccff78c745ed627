-- Each request creates a new account; RUN distinguishes runs.
wrk.headers["Content-Type"] = "application/json"
local count = 0
request = function()
  count = count + 1
  local email = string.format("new-%s-%d@example.com", os.getenv("RUN"), count)
  local body = string.format('{"email":"%s","password":"correct horse battery"}', email)
  return wrk.format("POST", nil, nil, body)
end
