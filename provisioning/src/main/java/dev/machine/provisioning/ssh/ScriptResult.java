package dev.machine.provisioning.ssh;

/**
 * The result of a script.
 *
 * @param status its exit status; 128 + n if signal n ended it
 */
public record ScriptResult(int status, String out, String err) {
    /**
     * The last line of standard error, or else of standard output, which usually explains a
     * failure.
     */
    public String lastWords() {
        String said = err.isBlank() ? out : err;
        String trimmed = said.strip();
        return trimmed.substring(trimmed.lastIndexOf('\n') + 1).strip();
    }
}
