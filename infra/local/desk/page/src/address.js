import { useCallback, useSyncExternalStore } from "react";

const read = () => window.location.hash;
const subscribe = (callback) => {
  window.addEventListener("hashchange", callback);
  return () => window.removeEventListener("hashchange", callback);
};

/** What is open, kept in the part of the address after "#": a reload keeps it, Back goes back. */
export function useAddress() {
  const hash = useSyncExternalStore(subscribe, read);
  const address = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  const go = useCallback((changes) => {
    const next = new URLSearchParams(read().slice(1));
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    window.location.hash = next.toString();
  }, []);
  return [address, go];
}
