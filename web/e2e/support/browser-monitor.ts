import { type BrowserContext, expect, type Response } from "@playwright/test";

/**
 * Records problems of all pages in a test: content security policy violations, console errors, exceptions, requests to
 * other origins and unexpected error responses.
 */
export class BrowserMonitor {
  private readonly problems: string[] = [];
  private readonly allowedResponses: RegExp[] = [];
  private readonly allowedExceptions: RegExp[] = [];

  constructor(private readonly allowedOrigins: string[]) {}

  /** Allows error responses that match the pattern, such as `401 POST /api/auth/login`. */
  allowErrorResponse(pattern: RegExp): void {
    this.allowedResponses.push(pattern);
  }

  /** Allows exceptions that match the pattern. */
  allowException(pattern: RegExp): void {
    this.allowedExceptions.push(pattern);
  }

  /** Allows requests to another origin. */
  allowOrigin(origin: string): void {
    this.allowedOrigins.push(origin);
  }

  /** Starts monitoring all pages of a browser context. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeFunction("reportViolation", (text: string) => this.problems.push(`CSP violation: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
        (window as unknown as { reportViolation(text: string): void }).reportViolation(
          `${effectiveDirective} blocked ${blockedURI} on ${location.pathname}`,
        );
      });
    });
    context.on("console", (message) => {
      // Error responses are recorded below.
      const isErrorResponse = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isErrorResponse) this.problems.push(`console error: ${message.text()}`);
    });
    context.on("weberror", (error) => {
      const text = error.error().stack ?? String(error.error());
      if (!this.allowedExceptions.some((pattern) => pattern.test(text))) this.problems.push(`exception: ${text}`);
    });
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && !this.allowedOrigins.includes(origin)) {
        this.problems.push(`cross-origin request: ${request.url()}`);
      }
    });
    context.on("response", (response) => this.checkResponse(response));
  }

  /** Fails the test if there are problems. */
  expectNoProblems(): void {
    expect(this.problems, "problems in the browser").toEqual([]);
  }

  private checkResponse(response: Response): void {
    if (response.status() < 400) return;
    const summary = `${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`;
    if (!this.allowedResponses.some((pattern) => pattern.test(summary))) {
      this.problems.push(`unexpected response: ${summary}`);
    }
  }
}
