package dev.machine.cli.output;

import java.util.Locale;
import java.util.Optional;

/** The shells of {@code machine env}, and how each sets and unsets a variable. */
public enum Shell {
    POSIX(
            "export %s=\"%s\"",
            "unset %s", "# Run this command to configure your shell: \n# eval $(%s)"),
    FISH(
            "set -gx %s \"%s\";",
            "set -e %s;", "# Run this command to configure your shell: \n# eval (%s)"),
    POWERSHELL(
            "$Env:%s = \"%s\"",
            "Remove-Item Env:\\\\%s",
            "# Run this command to configure your shell: \n# & %s | Invoke-Expression"),
    CMD(
            "SET %s=%s",
            "SET %s=",
            "REM Run this command to configure your shell: \nREM \t@FOR /f \"tokens=*\" %%i IN ('%s') DO @%%i"),
    TCSH(
            "setenv %s \"%s\";",
            "unsetenv %s;", ": Run this command to configure your shell: \n: eval `%s`"),
    EMACS(
            "(setenv \"%s\" \"%s\")",
            "(setenv \"%s\" nil)",
            ";; Run this command to configure your shell: \n"
                    + ";; (with-temp-buffer (shell-command \"%s\" (current-buffer)) (eval-buffer))");

    private final String set;
    private final String unset;
    private final String hint;

    Shell(String set, String unset, String hint) {
        this.set = set;
        this.unset = unset;
        this.hint = hint;
    }

    /**
     * Finds the shell by {@code --shell}, else by the last part of {@code $SHELL}; an unknown shell
     * is treated as a POSIX one. Empty if neither is set.
     */
    public static Optional<Shell> find(Optional<String> flag, Optional<String> variable) {
        return flag.or(() -> variable.map(path -> path.substring(path.lastIndexOf('/') + 1)))
                .map(Shell::named);
    }

    private static Shell named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fish" -> FISH;
            case "powershell", "pwsh" -> POWERSHELL;
            case "cmd" -> CMD;
            case "tcsh", "csh" -> TCSH;
            case "emacs" -> EMACS;
            default -> POSIX;
        };
    }

    String set(String variable, String value) {
        return fill(set, variable, value);
    }

    String unset(String variable) {
        return fill(unset, variable, "");
    }

    String hint(String commandLine) {
        return fill(hint, commandLine, "");
    }

    // String.format would take a cold JVM longer than the rest of the command.
    private static String fill(String pattern, String first, String second) {
        StringBuilder text = new StringBuilder(pattern.length() + first.length() + second.length());
        String next = first;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (pattern.charAt(++i) == '%') {
                text.append('%');
            } else {
                text.append(next);
                next = second;
            }
        }
        return text.toString();
    }
}
