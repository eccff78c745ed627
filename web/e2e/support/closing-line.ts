import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Ends the run with `N passed, N failed` alone on a line, which scripts can read. */
export default class ClosingLine implements Reporter {
  private readonly outcomes = new Map<string, TestResult["status"]>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.outcomes.set(test.id, result.status);
  }

  onEnd(): void {
    const outcomes = [...this.outcomes.values()];
    const passed = outcomes.filter((status) => status === "passed").length;
    const skipped = outcomes.filter((status) => status === "skipped").length;
    const failed = outcomes.length - passed - skipped;
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
