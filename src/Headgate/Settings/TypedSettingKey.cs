using Headgate.Settings.Forms;
using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>A <see cref="SettingKey"/> of one form.</summary>
/// <typeparam name="T">The typed value.</typeparam>
internal sealed class TypedSettingKey<T>(
    string path, SettingForm<T> form, Func<GatewaySettings, T> get, Func<GatewaySettings, T, GatewaySettings> set, string meaning)
    : SettingKey(path, meaning)
{
    /// <inheritdoc/>
    public override string Allowed => form.Allowed;

    /// <inheritdoc/>
    public override string DefaultText => form.Show(get(new GatewaySettings()));

    /// <inheritdoc/>
    public override bool IsText => form.IsText;

    /// <inheritdoc/>
    public override GatewaySettings Apply(GatewaySettings settings, SettingNode node, SettingProblems problems) =>
        form.TryRead(node, Path, problems, out T value) ? set(settings, value) : settings;
}
