-- For wrk: posts one signed form again and again; FORM and SIGNATURE are in the environment.

wrk.method = "POST"
wrk.body = os.getenv("FORM")
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
wrk.headers["X-Twilio-Signature"] = os.getenv("SIGNATURE")

local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "result.lua")
