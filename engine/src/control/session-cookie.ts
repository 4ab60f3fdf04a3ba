// The cookie of a session: no script reads it, no other page sends it (RFC 6265bis).

/**
 * Browsers take the prefix `__Host-` with `Secure` only. Where the listener speaks plain HTTP, which it does on loopback alone,
 * the name holds the port: cookies belong to a host, and several engines may run on one.
 */
export class SessionCookie {
  private readonly isSecure: boolean;
  private port = 0;

  constructor(isSecure: boolean) {
    this.isSecure = isSecure;
  }

  get name(): string {
    return this.isSecure ? '__Host-mortise-session' : `mortise-session-${this.port}`;
  }

  listensAt(port: number): void {
    this.port = port;
  }

  /** 0 seconds take it away. */
  set(value: string, seconds: number): string {
    return `${this.name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${this.isSecure ? '; Secure' : ''}`;
  }
}
