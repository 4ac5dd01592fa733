// Postgres' refusals as PostgREST answers them; Supabase Lite knows only some of its table.
const STATUS = {
  "08": 503, "09": 500, "0L": 403, "0P": 403, "25": 500, "28": 403, "2D": 500, "38": 500, "39": 500, "3B": 500,
  "40": 500, "53": 503, "54": 500, "55": 500, "57": 500, "58": 500, F0: 500, HV: 500, P0: 500, XX: 500,
  53400: 500, "57P01": 503, P0001: 400, 23503: 409, 23505: 409, 25006: 405, "42P01": 404, "42P17": 500,
};
const OWN_RULES = /^(PT\d{3}|PGRST|42501|42883|42P01|42703)$/;

// Other errors leave as PostgREST's own `raise sqlstate 'PGRST'` would: body and status in message and detail.
export function asPostgrest(error) {
  const { code, message, detail = null, hint = null } = error ?? {};
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return error;
  if (OWN_RULES.test(code)) return { code, message, detail, hint };
  const status = STATUS[code] ?? STATUS[code.slice(0, 2)] ?? 400;
  return {
    code: "PGRST",
    message: JSON.stringify({ code, message, details: detail, hint }),
    detail: JSON.stringify({ status, headers: {} }),
  };
}

// The same as an answer, where Lite is not asked.
export function answerOf(error, role) {
  const { code, message, detail = null, hint = null } = error ?? {};
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) throw error;
  const named = /^PT(\d{3})$/.exec(code);
  const denied = code === "42501" ? (role === "anon" ? 401 : 403) : null;
  const status = named ? Number(named[1]) : (denied ?? STATUS[code] ?? STATUS[code.slice(0, 2)] ?? 400);
  return Response.json({ code, message, details: detail, hint }, { status });
}
