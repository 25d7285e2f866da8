namespace Headgate.Settings;

/// <summary>What a configuration file and an environment came to.</summary>
/// <param name="Settings">The settings; of use only when there are no errors.</param>
/// <param name="Errors">What keeps the gateway from starting.</param>
/// <param name="Warnings">What should be known.</param>
internal sealed record LoadedSettings(GatewaySettings Settings, IReadOnlyList<SettingProblem> Errors, IReadOnlyList<SettingProblem> Warnings)
{
    /// <summary>Whether the gateway can be started with this.</summary>
    public bool IsValid => Errors.Count == 0;
}
