package dev.machine.driver.digitalocean;

import static dev.machine.driver.digitalocean.DropletOptions.SSH;

import com.myjeeva.digitalocean.pojo.Image;
import com.myjeeva.digitalocean.pojo.Region;
import com.myjeeva.digitalocean.pojo.Size;
import dev.machine.driver.Problem;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The droplet that will be bought: the user's options checked against what DigitalOcean offers
 * today, or all problems. Old names of sizes and images are understood, with a note.
 */
final class DropletSpec {
    private static final Pattern OLD_SIZE = Pattern.compile("([0-9]{1,4})(mb|gb)");
    private static final Pattern DISTRIBUTION =
            Pattern.compile("(debian|ubuntu)-([0-9]{1,3})(?:-([0-9]{1,2}))?-x64");
    private static final int MAX_NAMES_SHOWN = 12;

    private final DigitalOceanApi api;
    private final DropletOptions options;
    private final DigitalOceanApi.Offers offers;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final @Nullable Region region;
    private final @Nullable Size size;
    private final @Nullable Image image;

    private DropletSpec(DigitalOceanApi api, DropletOptions options) {
        this.api = api;
        this.options = options;
        this.offers = api.offers();
        this.region = chooseRegion();
        this.size = chooseSize();
        this.image = chooseImage();
        disk();
        options.fingerprint()
                .filter(fingerprint -> !api.hasKey(fingerprint))
                .ifPresent(
                        fingerprint ->
                                problem(
                                        DropletOptions.FINGERPRINT,
                                        "no key of your account has the fingerprint "
                                                + fingerprint));
    }

    static DropletSpec of(DigitalOceanApi api, DropletOptions options) {
        return new DropletSpec(api, options);
    }

    List<Problem> problems() {
        return problems;
    }

    /** What was chosen instead of what the user typed. */
    List<String> notes() {
        return notes;
    }

    String region() {
        return chosen(region).getSlug();
    }

    String size() {
        return chosen(size).getSlug();
    }

    Image image() {
        return chosen(image);
    }

    /**
     * As {@code s-1vcpu-1gb (1 CPU, 1024 MB, 25 GB disk) in sgp1 with debian-13-x64, $6.00 a
     * month}.
     */
    String sentence() {
        Size bought = chosen(size);
        return "%s (%d CPU, %d MB, %d GB disk) in %s with %s, $%s a month%s"
                .formatted(
                        bought.getSlug(),
                        bought.getVirutalCpuCount(),
                        bought.getMemorySizeInMb(),
                        bought.getDiskSize(),
                        region(),
                        name(image()),
                        bought.getPriceMonthly().setScale(2, RoundingMode.HALF_UP),
                        options.isSet("backups") ? " and the backups' price" : "");
    }

    static String name(Image image) {
        return image.getSlug() == null ? "image " + image.getId() : image.getSlug();
    }

    private static <T> T chosen(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("a spec with problems has no values");
        }
        return thing;
    }

    private void problem(String option, String sentence) {
        problems.add(SSH.problem(option, sentence));
    }

    private @Nullable Region chooseRegion() {
        String slug = options.region();
        Optional<Region> found =
                offers.regions().stream().filter(it -> slug.equals(it.getSlug())).findFirst();
        if (found.isEmpty() || !found.get().isAvailable()) {
            problem(
                    DropletOptions.REGION,
                    (found.isEmpty()
                                    ? "there is no region \"" + slug + "\""
                                    : "region \"" + slug + "\" takes no new droplets")
                            + "; there are "
                            + some(
                                    offers.regions().stream()
                                            .filter(Region::isAvailable)
                                            .map(Region::getSlug)
                                            .sorted()
                                            .toList()));
            return null;
        }
        return found.get();
    }

    private @Nullable Size chooseSize() {
        String slug = options.size();
        Optional<Size> found =
                offers.sizes().stream().filter(it -> slug.equals(it.getSlug())).findFirst();
        Matcher old = OLD_SIZE.matcher(slug);
        if (found.isEmpty() && old.matches()) {
            int memory = Integer.parseInt(old.group(1)) * (old.group(2).equals("gb") ? 1024 : 1);
            found = cheapest(memory);
            found.ifPresent(
                    it -> notes.add("size %s is called %s today".formatted(slug, it.getSlug())));
        }
        if (found.isEmpty()) {
            problem(
                    DropletOptions.SIZE,
                    "there is no size \"" + slug + "\"; the cheapest are " + some(affordable()));
            return null;
        }
        if (region != null && !isOffered(found.get())) {
            problem(
                    DropletOptions.SIZE,
                    "size \"%s\" cannot be had in %s now; the cheapest there are %s"
                            .formatted(slug, region.getSlug(), some(affordable())));
            return null;
        }
        return found.get();
    }

    private Optional<Size> cheapest(int memory) {
        return offers.sizes().stream()
                .filter(it -> it.getMemorySizeInMb() >= memory && isOffered(it))
                .min(Comparator.comparing(Size::getPriceMonthly));
    }

    private List<String> affordable() {
        return offers.sizes().stream()
                .filter(this::isOffered)
                .sorted(Comparator.comparing(Size::getPriceMonthly))
                .map(Size::getSlug)
                .limit(MAX_NAMES_SHOWN)
                .toList();
    }

    private boolean isOffered(Size offer) {
        return offer.isAvailable()
                && (region == null || offer.getRegions().contains(region.getSlug()));
    }

    private @Nullable Image chooseImage() {
        Optional<String> asked = options.image();
        Optional<Image> found = asked.isEmpty() ? newest("debian") : api.image(asked.get());
        if (found.isEmpty() && asked.isPresent()) {
            found = successor(asked.get());
        }
        if (found.isEmpty()) {
            problem(
                    DropletOptions.IMAGE,
                    asked.map(slug -> "there is no image \"" + slug + "\"")
                                    .orElse("no Debian is offered")
                            + "; there are "
                            + some(
                                    offers.distributions().stream()
                                            .map(DropletSpec::name)
                                            .sorted()
                                            .toList()));
            return null;
        }
        Image image = found.get();
        if (region != null
                && image.getRegions() != null
                && !image.getRegions().contains(region.getSlug())) {
            problem(
                    DropletOptions.IMAGE,
                    "image \"%s\" cannot be had in %s".formatted(name(image), region.getSlug()));
        }
        return image;
    }

    /** The newest image of a distribution whose old release is no longer offered. */
    private Optional<Image> successor(String slug) {
        Matcher old = DISTRIBUTION.matcher(slug);
        Optional<Image> found = old.matches() ? newest(old.group(1)) : Optional.empty();
        found.ifPresent(
                it ->
                        notes.add(
                                "image %s is no longer offered: %s instead"
                                        .formatted(slug, it.getSlug())));
        return found;
    }

    private Optional<Image> newest(String distribution) {
        return offers.distributions().stream()
                .filter(it -> it.getSlug() != null && version(it.getSlug(), distribution) >= 0)
                .max(Comparator.comparingInt(it -> version(it.getSlug(), distribution)));
    }

    private static int version(String slug, String distribution) {
        Matcher release = DISTRIBUTION.matcher(slug);
        if (!release.matches() || !release.group(1).equals(distribution)) {
            return -1;
        }
        int minor = release.group(3) == null ? 0 : Integer.parseInt(release.group(3));
        return Integer.parseInt(release.group(2)) * 100 + minor;
    }

    private void disk() {
        if (size != null
                && image != null
                && image.getMinDiskSize() != null
                && image.getMinDiskSize() > size.getDiskSize()) {
            problem(
                    DropletOptions.SIZE,
                    "%s needs a disk of %d GB, and %s has %d"
                            .formatted(
                                    name(image),
                                    image.getMinDiskSize(),
                                    size.getSlug(),
                                    size.getDiskSize()));
        }
    }

    private static String some(List<String> names) {
        return names.stream().limit(MAX_NAMES_SHOWN).collect(Collectors.joining(", "))
                + (names.size() > MAX_NAMES_SHOWN ? " …" : "");
    }
}
