package io.manul.helm.template;

import java.util.List;

/**
 * One object that is applied at a moment of the release's life (annotation {@code helm.sh/hook}).
 *
 * @param events {@code pre-install}, {@code post-upgrade}, {@code test}, ...
 * @param deletePolicies {@code before-hook-creation}, {@code hook-succeeded}, {@code hook-failed}
 */
public record Hook(String name, String kind, String path, String manifest, List<String> events, int weight,
        List<String> deletePolicies, List<String> outputLogPolicies) {
}
