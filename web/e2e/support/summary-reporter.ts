import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Prints `N passed, N failed` on the last line, for scripts. */
export default class SummaryReporter implements Reporter {
  private readonly results = new Map<string, TestResult["status"]>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.results.set(test.id, result.status);
  }

  onEnd(): void {
    const results = [...this.results.values()];
    const passed = results.filter((status) => status === "passed").length;
    const skipped = results.filter((status) => status === "skipped").length;
    const failed = results.length - passed - skipped;
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
