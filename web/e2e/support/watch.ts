import { type BrowserContext, expect, type Response } from "@playwright/test";

/**
 * Looks at everything that the pages of a test do, and remembers what must not be: violations of the content
 * security policy, errors on the console, requests to others, and refusals that the test did not expect.
 */
export class Watch {
  private readonly findings: string[] = [];
  private readonly expected: RegExp[] = [];
  private readonly expectedExceptions: RegExp[] = [];

  /** With the origins to which pages may send requests. */
  constructor(private readonly origins: string[]) {}

  /** The test provokes answers like this, written as `401 POST /api/auth/login`. */
  expectRefusal(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** The test provokes an exception like this, which the page reports to the browser beside showing it. */
  expectException(pattern: RegExp): void {
    this.expectedExceptions.push(pattern);
  }

  /** Pages may send requests to this origin too. */
  allowOrigin(origin: string): void {
    this.origins.push(origin);
  }

  /** Begins to look at the pages of a browser. */
  async observe(context: BrowserContext): Promise<void> {
    await context.exposeFunction("reportViolation", (text: string) => this.findings.push(`policy: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
        (window as unknown as { reportViolation(text: string): void }).reportViolation(
          `${effectiveDirective} blocked ${blockedURI} on ${location.pathname}`,
        );
      });
    });
    context.on("console", (message) => {
      // What the browser says about refusals is known from the answers themselves.
      const isRefusal = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isRefusal) this.findings.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => {
      const text = error.error().stack ?? String(error.error());
      if (!this.expectedExceptions.some((pattern) => pattern.test(text))) this.findings.push(`exception: ${text}`);
    });
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && !this.origins.includes(origin))
        this.findings.push(`foreign: ${request.url()}`);
    });
    context.on("response", (response) => this.look(response));
  }

  /** Fails the test if there was anything. */
  check(): void {
    expect(this.findings, "what the pages did").toEqual([]);
  }

  private look(response: Response): void {
    if (response.status() < 400) return;
    const answer = `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`;
    if (!this.expected.some((pattern) => pattern.test(answer))) this.findings.push(`refusal: ${answer}`);
  }
}
