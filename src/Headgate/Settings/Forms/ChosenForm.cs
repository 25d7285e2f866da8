using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>One of some words, of which some are APISIX's and not served yet: choosing such a one must not be mistaken for a typing error.</summary>
internal sealed class ChosenForm<T>((string Word, T Value)[] choices, string[] later) : SettingForm<T>
{
    private readonly SettingForm<T> _choice = SettingForms.Choice(choices);

    /// <inheritdoc/>
    public override string Allowed => _choice.Allowed;

    /// <inheritdoc/>
    public override bool IsText => true;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out T value)
    {
        if (node is not SettingNode.Scalar scalar || !later.Contains(scalar.Text))
            return _choice.TryRead(node, path, problems, out value);
        value = default!;
        problems.Error(node.Origin, path, $"{scalar.Text} comes in a later version; now use {Allowed}");
        return false;
    }

    /// <inheritdoc/>
    public override string Show(T value) => _choice.Show(value);
}
