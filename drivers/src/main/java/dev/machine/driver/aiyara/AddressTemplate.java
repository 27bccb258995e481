package dev.machine.driver.aiyara;

import dev.machine.driver.Addresses;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the address of a board follows from its name. */
final class AddressTemplate {
    static final String DEFAULT = "192.168.{rack}.{node}";

    private static final Pattern NAME = Pattern.compile("rack-0*(\\d{1,9})-node-0*(\\d{1,9})");

    private AddressTemplate() {}

    /** The address; call it only when there is no {@link #problem}. */
    static String resolve(String template, String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? template.replace("{rack}", parts.group(1)).replace("{node}", parts.group(2))
                : template;
    }

    /** Why a template gives no address for a name, as a sentence. */
    static Optional<String> problem(String template, String name) {
        boolean needsName = template.contains("{rack}") || template.contains("{node}");
        if (needsName && !NAME.matcher(name).matches()) {
            return Optional.of(
                    "the name \""
                            + name
                            + "\" is not like rack-1-node-4, so no address follows from it: give"
                            + " --aiyara-address or another name");
        }
        String address = resolve(template, name);
        if (address.contains("{") || address.contains("}")) {
            return Optional.of("\"" + template + "\" may contain {rack} and {node}, nothing else");
        }
        return Addresses.problem(address)
                .map(reason -> needsName ? reason + ", for the name \"" + name + "\"" : reason);
    }
}
