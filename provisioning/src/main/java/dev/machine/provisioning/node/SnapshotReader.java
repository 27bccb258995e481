package dev.machine.provisioning.node;

import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a node before us, and what of ours is still there; read in one round trip.
 *
 * @param known whether we kept it when we came
 * @param touched whether anything of ours is on the node
 * @param cleared whether it was seen already that nothing of value goes with the engine
 * @param purged packages that we brought and that may go
 * @param kept packages that we brought and that something else needs by now
 * @param removed packages, with versions, that apt removed for ours by the user's leave
 * @param removedFiles whether files of the owner were kept that went then
 * @param engineGoes whether the engine itself is among those that go, or is gone
 * @param data what an engine left in its folders: containers, volumes, images
 * @param daemonJson the original daemon.json
 * @param wasEnabled whether the engine started at boot
 * @param wasActive whether the engine ran
 */
public record SnapshotReader(
        boolean known,
        boolean touched,
        boolean cleared,
        List<String> purged,
        List<String> kept,
        List<String> removed,
        boolean removedFiles,
        boolean engineGoes,
        List<String> data,
        Optional<String> daemonJson,
        boolean wasEnabled,
        boolean wasActive) {

    /** Where a power cut came between dpkg and our list, an engine's packages are known by name. */
    private static final String READ =
            """
            original={}
            if [ -e {} ] || [ -e {} ]; then echo touched=yes; fi
            [ -d "$original" ] || exit 0
            echo known=yes
            [ ! -e "$original/cleared" ] || echo cleared=yes
            daemon=$original/files{}
            [ ! -f "$daemon" ] || echo "daemon=$(base64 -w0 "$daemon")"
            echo "enabled=$(cat "$original/enabled" 2>/dev/null || true)"; echo "active=$(cat "$original/active" 2>/dev/null || true)"
            for kind in containers volumes; do
                if [ -n "$(find /var/lib/docker/$kind -mindepth 1 -maxdepth 1 -type d 2>/dev/null | head -n1)" ]; then echo "data=$kind"; fi
            done
            if [ -n "$(find /var/lib/docker/image /var/lib/containerd/io.containerd.content.v1.content -path '*/content/sha256/*' -o -path '*/blobs/sha256/*' 2>/dev/null | head -n1)" ]; then echo data=images; fi
            if [ -f "$original/removed" ]; then
            while read -r name version marks; do
                    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "removed=$name $version"
                done <"$original/removed"
            fi
            [ ! -d "$original/removed-files" ] || echo removed-files=yes
            # An engine that was there before us is not ours to miss.
            [ -f "$original/packages-before" ] || exit 0
            program=$(command -v dockerd || true)
            [ -n "$program" ] || echo engine=gone
            present() { %s; }
            if [ -f "$original/packages" ]; then ours=$(present | comm -12 - "$original/packages")
            else ours=$(present | comm -13 "$original/packages-before" - | grep -xE 'docker(\\.io|-[a-z-]+)?|containerd(\\.io)?|runc|tini' || true); fi
            ours=$(echo "$ours" | sed "s/:$(dpkg --print-architecture)$//")
            # Packages that go with the named ones and are not ours.
            others() { apt-get -s -o APT::Get::AutomaticRemove=false purge "$@" 2>/dev/null | sed -n 's/^\\(Remv\\|Purg\\) \\([^ ]*\\) .*/\\2/p' | grep -vxF "$ours" || true; }
            go=$ours
            if [ -n "$ours" ] && [ -n "$(others $ours)" ]; then
                go=
                for package in $ours; do
                    if [ -z "$(others "$package")" ]; then go="$go $package"; else echo "kept=$package"; fi
                done
            fi
            for package in $go; do echo "purged=$package"; done
            if [ -n "$program" ] && owner=$(dpkg-query -S "$(readlink -f "$program")" 2>/dev/null | cut -d: -f1) && echo " "$go" " | grep -q " $owner "; then echo engine=goes; fi
            """
                    .formatted(NodeSnapshot.PACKAGES);

    public static SnapshotReader read(NodeShell shell) {
        ScriptResult answer =
                shell.asRoot(
                        new Script()
                                .run(
                                        READ,
                                        EngineFiles.ORIGINAL,
                                        EngineFiles.MANAGED,
                                        EngineFiles.PAIR,
                                        EngineFiles.DAEMON_JSON));
        if (answer.status() != 0) {
            throw new MachineException(
                    "what the node was before cannot be read: " + answer.lastWords());
        }
        return parse(answer.out());
    }

    static SnapshotReader parse(String out) {
        Map<String, List<String>> said = new HashMap<>();
        for (String line : out.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                said.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return new SnapshotReader(
                said.containsKey("known"),
                said.containsKey("touched"),
                said.containsKey("cleared"),
                said.getOrDefault("purged", List.of()),
                said.getOrDefault("kept", List.of()),
                said.getOrDefault("removed", List.of()),
                said.containsKey("removed-files"),
                said.containsKey("engine"),
                said.getOrDefault("data", List.of()),
                said.getOrDefault("daemon", List.of()).stream()
                        .findFirst()
                        .map(text -> Facts.decoded(Facts.whole(text))),
                said.getOrDefault("enabled", List.of()).contains("enabled"),
                said.getOrDefault("active", List.of()).contains("active"));
    }
}
