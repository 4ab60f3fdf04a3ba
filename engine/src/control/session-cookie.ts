// The cookie of a session: no script reads it, no other page sends it (RFC 6265bis).

/**
 * Browsers take the prefix `__Host-` with `Secure` only. Where the listener speaks plain HTTP, which it does on loopback alone,
 * the name holds the port: cookies belong to a host, and several engines may run on one.
 */
export class SessionCookie {
  readonly isSecure: boolean;
  private port = 0;

  constructor(isSecure: boolean) {
    this.isSecure = isSecure;
  }

  get name(): string {
    return this.isSecure ? '__Host-mortise-session' : `mortise-session-${this.port}`;
  }

  /** Of a single sign-on that is under way. */
  get stateName(): string {
    return this.isSecure ? '__Host-mortise-sign-on' : `mortise-sign-on-${this.port}`;
  }

  listensAt(port: number): void {
    this.port = port;
  }

  /** 0 seconds take it away. */
  set(value: string, seconds: number): string {
    return `${this.name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${this.isSecure ? '; Secure' : ''}`;
  }

  /** It has to come along when the provider's page sends the browser back, so it is lax. An empty one takes it away. */
  setState(state: string): string {
    const seconds = state === '' ? 0 : 600;
    return `${this.stateName}=${state}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${this.isSecure ? '; Secure' : ''}`;
  }
}
