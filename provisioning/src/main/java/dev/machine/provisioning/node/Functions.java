package dev.machine.provisioning.node;

/** Shell functions made of names and bodies. */
final class Functions {
    private Functions() {}

    /**
     * @param namesAndBodies a name, its body, and so on
     */
    static String text(String... namesAndBodies) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < namesAndBodies.length; i += 2) {
            text.append("%s() {\n%s\n}\n".formatted(namesAndBodies[i], namesAndBodies[i + 1]));
        }
        return text.toString();
    }
}
