package dev.machine.swarm.api;

import dev.machine.swarm.http.HttpProblem;

/** A port or a range of ports in a filter, with or without protocol: {@code 80-89/udp}. */
record PortRange(int first, int last, String protocol) {
    private static final int MAX_PORT = 65535;

    /**
     * @throws HttpProblem 400 if the text is neither
     */
    static PortRange parse(String text) {
        int slash = text.indexOf('/');
        String numbers = slash < 0 ? text : text.substring(0, slash);
        int dash = numbers.indexOf('-');
        int first = number(text, dash < 0 ? numbers : numbers.substring(0, dash));
        int last = dash < 0 ? first : number(text, numbers.substring(dash + 1));
        return new PortRange(first, last, slash < 0 ? "tcp" : text.substring(slash + 1));
    }

    private static int number(String text, String digits) {
        try {
            int number = Integer.parseInt(digits);
            if (number >= 0 && number <= MAX_PORT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The error below covers this too.
        }
        throw new HttpProblem(400, "invalid filter: " + text + " is not a port");
    }

    /** Whether it includes a port of a container, as {@code 80/tcp}. */
    boolean has(String port) {
        int slash = port.indexOf('/');
        try {
            int number = Integer.parseInt(slash < 0 ? port : port.substring(0, slash));
            return number >= first
                    && number <= last
                    && protocol.equals(slash < 0 ? "tcp" : port.substring(slash + 1));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
