import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { iconButtonClass } from "./button";
import { cx } from "./cx";
import { Input } from "./input";

/**
 * A password input with a button that shows the password. `autoComplete` determines whether password managers fill in
 * the stored password or suggest and save a new one.
 */
export function PasswordInput({
  className,
  ...rest
}: Omit<ComponentProps<"input">, "type" | "autoComplete"> & {
  autoComplete: "current-password" | "new-password";
}) {
  const [shown, setShown] = useState(false);
  const label = shown ? "Hide password" : "Show password";
  return (
    <div className="relative">
      <Input
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...rest}
        type={shown ? "text" : "password"}
        className={cx("pr-9 pointer-coarse:pr-11", className)}
      />
      <button
        type="button"
        aria-label={label}
        aria-pressed={shown}
        title={label}
        onClick={() => setShown(!shown)}
        className={cx(iconButtonClass("sm"), "absolute inset-y-0 right-0.5 my-auto")}
      >
        {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </button>
    </div>
  );
}
