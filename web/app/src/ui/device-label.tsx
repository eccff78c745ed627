import { Monitor, Smartphone, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { describeUserAgent } from "../lib/user-agent";
import { Badge } from "./badge";

interface DeviceLabelProps {
  userAgent: string | null;
  /** Marks the session of this browser. */
  current?: boolean;
  /** A line under the browser name. */
  detail?: ReactNode;
}

/** The browser and operating system of a device, with an icon. */
export function DeviceLabel({ userAgent, current = false, detail }: DeviceLabelProps) {
  const { browser, system, mobile } = describeUserAgent(userAgent);
  const Icon = mobile ? Smartphone : system ? Monitor : SquareTerminal;
  return (
    <span className="flex items-center gap-3">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="font-medium" title={userAgent ?? undefined}>
            {browser}
            {system && ` on ${system}`}
          </span>
          {current && <Badge tone="accent">This device</Badge>}
        </span>
        {detail && <span className="block text-muted text-xs">{detail}</span>}
      </span>
    </span>
  );
}
