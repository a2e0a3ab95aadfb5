namespace BlazorAdmin.Features.Settings;

/// <summary>Keeps the portal's secrets with the place that they were written for (<see cref="SentToAttribute"/>).</summary>
internal static class SecretTargets
{
    /// <summary>The changes that would send a secret of the portal elsewhere although the batch does not say it.</summary>
    /// <param name="changed">Keys whose value the batch changes.</param>
    /// <param name="named">Keys that the batch says anything about.</param>
    /// <param name="portal">The portal's values after the batch.</param>
    public static IEnumerable<SettingIssue> Redirected(SettingsSection section, IReadOnlySet<string> changed, IReadOnlySet<string> named, IReadOnlyDictionary<string, string?> portal) =>
        from secret in SettingKeys.Declared(section)
        where secret.SentTo.Count > 0 && !named.Contains(secret.Name) && !string.IsNullOrEmpty(portal.GetValueOrDefault(secret.Name))
        from target in secret.SentTo
        where changed.Contains(target)
        select new SettingIssue(target, SettingFault.SecretStays, secret.Name);

    /// <summary>What says by now that an old secret would be sent elsewhere than then; null if nothing does.</summary>
    /// <param name="at">Number of the change that is taken back.</param>
    /// <param name="together">Keys that are taken back with it.</param>
    /// <param name="versions">Number of the last change of each key.</param>
    public static string? MovedSince(SettingKey secret, long at, IReadOnlySet<string> together, IReadOnlyDictionary<string, long> versions) =>
        secret.SentTo.FirstOrDefault(target => !together.Contains(target) && versions.GetValueOrDefault(target) > at);
}
