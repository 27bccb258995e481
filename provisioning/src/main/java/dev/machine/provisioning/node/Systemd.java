package dev.machine.provisioning.node;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.facts.Facts;

/** The unit {@code docker.service} of systemd. */
public record Systemd() implements ServiceManager {
    @Override
    public String name() {
        return "systemd";
    }

    /** The test of sd_booted(3). */
    @Override
    public String isThere() {
        return "[ -d /run/systemd/system ]";
    }

    @Override
    public String reloadFiles() {
        return "systemctl daemon-reload";
    }

    /**
     * {@code docker.socket} stays active; a client that connects meanwhile starts the engine again.
     */
    @Override
    public String stop() {
        return "systemctl stop docker.service 2>&1";
    }

    @Override
    public String restart() {
        return ResourceText.read(Systemd.class, "systemd-restart.sh");
    }

    @Override
    public String enable() {
        return "systemctl -q enable docker.service 2>&1";
    }

    @Override
    public String disable() {
        return "systemctl -q disable docker.service 2>/dev/null || true";
    }

    @Override
    public String isEnabled() {
        return "systemctl is-enabled docker.service 2>/dev/null || true";
    }

    @Override
    public String isActive(Facts facts) {
        return "systemctl is-active docker.service 2>/dev/null || true";
    }

    @Override
    public String whyItFailed(String seconds, String bytes) {
        return "journalctl -q -u docker.service --since '@%s' -n 40 --no-pager -o cat 2>/dev/null || true"
                .formatted(seconds);
    }

    @Override
    public boolean hasUnits() {
        return true;
    }
}
