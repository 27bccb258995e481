package dev.machine.provisioning.ssh;

/**
 * How a script ended.
 *
 * @param status its exit status; 128 + n when signal n ended it
 */
public record ScriptResult(int status, String out, String err) {
    /**
     * The last line it said, on standard error if there is any: what a person wants to see of a
     * failure.
     */
    public String lastWords() {
        String said = err.isBlank() ? out : err;
        String trimmed = said.strip();
        return trimmed.substring(trimmed.lastIndexOf('\n') + 1).strip();
    }
}
