package dev.machine.cli;

/** The headings of {@code machine help}, in order. */
enum CommandGroup {
    MACHINES("Machines"),
    CONNECT("Connect to a machine"),
    SWARM("Swarm endpoint"),
    IMAGES("Images by architecture"),
    CERTIFICATES("Certificates"),
    MORE("More");

    private final String heading;

    CommandGroup(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}
