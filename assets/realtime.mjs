// All that the pages need of Supabase: the channel client, without the rest of supabase-js.
export { RealtimeClient } from "@supabase/realtime-js";
