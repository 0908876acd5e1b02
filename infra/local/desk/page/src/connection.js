// Talks with desk.py: the snapshot, the news that something changed, what a person does.
import { useCallback, useEffect, useRef, useState } from "react";

const CLOCK_MOVES_MS = 15_000;

/**
 * The latest snapshot for a person in a channel; asked for again at every change, and now and then
 * without one: "5 minutes ago" and "today" grow old, on a clock that only the desk knows.
 */
export function useSnapshot(user, channel) {
  const [snapshot, setSnapshot] = useState(null);
  const [isConnected, setConnected] = useState(true);
  const latest = useRef(0);

  const refresh = useCallback(async () => {
    const mine = ++latest.current;
    const query = new URLSearchParams();
    if (user) query.set("user", user);
    if (channel) query.set("channel", channel);
    try {
      const answer = await fetch(`/state?${query}`);
      if (!answer.ok) return;
      const fresh = await answer.json();
      if (mine === latest.current) setSnapshot(fresh);
    } catch {
      setConnected(false); // the event source comes back by itself and asks again
    }
  }, [user, channel]);

  useEffect(() => {
    refresh();
    const events = new EventSource("/events");
    events.onopen = () => {
      setConnected(true);
      refresh();
    };
    events.addEventListener("changed", refresh);
    events.onerror = () => setConnected(false);
    const clock = setInterval(refresh, CLOCK_MOVES_MS);
    return () => {
      events.close();
      clearInterval(clock);
    };
  }, [refresh]);

  return { snapshot, isConnected, refresh };
}

/** Do something as a person. Gives {error} (a sentence for the person) or what the app answered. */
export async function post(action) {
  try {
    const answer = await fetch("/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(action),
    });
    const body = await answer.json();
    return answer.ok ? body : { error: body.error ?? "The desk refused that." };
  } catch {
    return { error: "The desk is not running." };
  }
}
