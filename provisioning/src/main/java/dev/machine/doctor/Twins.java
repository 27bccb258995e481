package dev.machine.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Machines that say they are the same: boards whose SD card was cloned, or two records of one node.
 */
public final class Twins {
    private Twins() {}

    /**
     * What a machine calls itself.
     *
     * @param machineId of {@code /etc/machine-id}
     * @param engineId of the engine's {@code /info}
     */
    public record Identity(
            String name, String address, Optional<String> machineId, Optional<String> engineId) {}

    /** One finding for each two that share what nobody else should have. */
    public static List<Finding> among(List<Identity> all) {
        List<Finding> findings = new ArrayList<>();
        shared(all, Identity::machineId)
                .forEach(
                        (id, twins) ->
                                findings.add(
                                        finding(
                                                twins,
                                                "the same machine-id " + id,
                                                "sudo rm -f /etc/machine-id /var/lib/dbus/machine-id && sudo systemd-machine-id-setup && sudo reboot")));
        shared(all, Identity::engineId)
                .forEach(
                        (id, twins) ->
                                findings.add(
                                        finding(
                                                twins,
                                                "the same engine ID " + id,
                                                "sudo rm -f /etc/docker/key.json /var/lib/docker/engine-id && sudo systemctl restart docker")));
        return findings;
    }

    private static Map<String, List<Identity>> shared(
            List<Identity> all, Function<Identity, Optional<String>> key) {
        Map<String, List<Identity>> by = new TreeMap<>();
        for (Identity one : all) {
            key.apply(one)
                    .ifPresent(id -> by.computeIfAbsent(id, it -> new ArrayList<>()).add(one));
        }
        by.values().removeIf(twins -> twins.size() < 2);
        return by;
    }

    private static Finding finding(List<Identity> twins, String what, String command) {
        Identity second = twins.get(1);
        String names = String.join(" and ", twins.stream().map(Identity::name).toList());
        return twins.getFirst().address().equals(second.address())
                ? Finding.error(
                        second.name(),
                        "twin",
                        names + " are one node: they have one address and " + what,
                        "machine rm -f " + second.name())
                : Finding.error(
                        second.name(),
                        "twin",
                        names + " have " + what + ": one is a clone",
                        "machine ssh %s '%s'".formatted(second.name(), command));
    }
}
