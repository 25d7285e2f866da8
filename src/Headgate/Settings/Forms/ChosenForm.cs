using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>One of some words, beside which others are understood and refused with a reason: choosing such a one must not be mistaken for a typing error.</summary>
/// <param name="choices">What may be chosen.</param>
/// <param name="refused">What may not, and why: the text goes on after the word.</param>
internal sealed class ChosenForm<T>((string Word, T Value)[] choices, params (string Word, string Why)[] refused) : SettingForm<T>
{
    private readonly SettingForm<T> _choice = SettingForms.Choice(choices);

    /// <inheritdoc/>
    public override string Allowed => _choice.Allowed;

    /// <inheritdoc/>
    public override bool IsText => true;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out T value)
    {
        (string word, string why) = node is SettingNode.Scalar scalar ? Array.Find(refused, other => other.Word == scalar.Text) : default;
        if (word is null)
            return _choice.TryRead(node, path, problems, out value);
        value = default!;
        problems.Error(node.Origin, path, $"{word} {why}; use {Allowed}");
        return false;
    }

    /// <inheritdoc/>
    public override string Show(T value) => _choice.Show(value);
}
