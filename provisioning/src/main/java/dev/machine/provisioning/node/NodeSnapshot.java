package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;

/**
 * The node as it was before us, kept in {@link EngineFiles#ORIGINAL} from the first step on that
 * writes to it, so that {@code rm --purge} can put it back: the files that we may write, which
 * folders there were, the services' states, and the packages.
 */
public final class NodeSnapshot {
    /** Files that a step may write or replace; what makes a new one adds it here. */
    public static final String FILES =
            String.join(
                    " ",
                    EngineFiles.DAEMON_JSON,
                    EngineFiles.CA,
                    EngineFiles.CERTIFICATE,
                    EngineFiles.KEY,
                    EngineFiles.DROP_IN,
                    EngineFiles.APT_LIST,
                    EngineFiles.APT_KEY,
                    EngineFiles.APT_PIN,
                    EngineFiles.DEFAULT,
                    "/etc/docker/key.json");

    /** Folders that we or an engine make, those inside others first. */
    private static final String FOLDERS =
            "/etc/systemd/system/docker.service.d /etc/cni/net.d /etc/cni /etc/containerd"
                    + " /etc/apt/keyrings /var/lib/docker /var/lib/containerd /opt/containerd"
                    + " /etc/docker";

    /** Names of what is installed, wholly or half, sorted. */
    static final String PACKAGES =
            "dpkg-query -W -f '${db:Status-Status} ${binary:Package}\\n' | sed -n"
                    + " '/^config-files\\|^not-installed/!s/^[^ ]* //p' | sort";

    private static final String REMEMBER =
            """
            original=%s
            if [ ! -d "$original" ]; then (
                new=$original.new; rm -rf "$new"
                for folder in %s; do
                    if [ ! -d "$folder" ]; then echo "absent - - $folder"
                    else echo "$([ -n "$(ls -A "$folder")" ] && echo full || echo empty) $(stat -Lc '%%a %%u:%%g' "$folder") $folder"; fi
                done >/run/machine-folders
                mkdir -p /etc/docker/machine; umask 077; mkdir -p "$new/files"; mv /run/machine-folders "$new/folders"
                for file in %s; do
                    if [ -f "$file" ]; then mkdir -p "$new/files${file%%/*}"; cp -L --preserve=all "$file" "$new/files$file" 2>/dev/null || cp -Lp "$file" "$new/files$file"; fi
                done
                # Where a link leads is what is kept, and where it led.
                for path in %s %s; do if [ -L "$path" ]; then echo "$path $(readlink "$path")"; fi; done >"$new/links"
                if [ {} = yes ]; then
                    if [ -d /run/systemd/system ]; then
                        systemctl is-enabled docker.service >"$new/enabled" 2>/dev/null || true
                        systemctl is-active docker.service >"$new/active" 2>/dev/null || true
                    else
                        if ls /etc/rc2.d/S*docker >/dev/null 2>&1; then echo enabled; fi >"$new/enabled"
                        if [ {} = yes ]; then echo active; fi >"$new/active"
                    fi
                elif command -v dpkg-query >/dev/null; then
                    cp -p /etc/group /etc/group- /etc/gshadow /etc/gshadow- "$new/" 2>/dev/null || true
                    %s >"$new/packages-before"
                    dpkg-query -W -f '${db:Status-Status} ${binary:Package}\\n' | sed -n 's/^config-files //p' | sort >"$new/packages-configured"
                fi
                mv "$new" "$original"
            ); fi
            """
                    .formatted(EngineFiles.ORIGINAL, FOLDERS, FILES, FOLDERS, FILES, PACKAGES);

    /** Which packages an installation brought; run by the one that may outlive our connection. */
    static final String INSTALLED =
            """
            if [ -f %1$s/packages-before ]; then
                %2$s | comm -13 %1$s/packages-before - >%1$s/packages.new
                mv %1$s/packages.new %1$s/packages
            fi
            """
                    .formatted(EngineFiles.ORIGINAL, PACKAGES);

    private NodeSnapshot() {}

    /**
     * Keeps the node as it is, unless that was done before.
     *
     * @param before anything was done
     */
    public static Script remember(Script script, Facts before) {
        return script.run(
                REMEMBER, before.hasEngine() ? "yes" : "no", before.engineRuns() ? "yes" : "no");
    }
}
