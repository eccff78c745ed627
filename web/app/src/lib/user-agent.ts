/** In order of precedence: a user agent often also contains the names of later entries. */
const browsers = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+).*\bSafari\//],
] as const;

const systems = [
  ["iPadOS", /\biPad\b/],
  ["iOS", /\biPhone\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows NT\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMacintosh\b/],
  ["Linux", /\bLinux\b/],
] as const;

export interface Device {
  /** "Firefox 128", or the product name of another client, such as "curl". */
  browser: string;
  /** "Windows", if known. */
  system: string | undefined;
  mobile: boolean;
}

/** Parses a `User-Agent` header into a description that users recognize. */
export function describeUserAgent(userAgent: string | null): Device {
  const text = userAgent ?? "";
  const system = systems.find(([, pattern]) => pattern.test(text))?.[0];
  const mobile = system === "iOS" || system === "iPadOS" || system === "Android";
  for (const [name, pattern] of browsers) {
    const version = pattern.exec(text)?.[1];
    if (version) return { browser: `${name} ${version}`, system, mobile };
  }
  const product = /^([^\s/]{1,40})/.exec(text)?.[1];
  return { browser: product ?? "Unknown browser", system, mobile };
}
