using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>A single value read by one function.</summary>
/// <param name="allowed">What is allowed.</param>
/// <param name="tryParse">Reads the scalar.</param>
/// <param name="show">Writes a value.</param>
/// <param name="isText">Whether a variable's text is taken as it is.</param>
/// <param name="secret">Whether the given value stays out of messages.</param>
internal sealed class ScalarForm<T>(string allowed, ScalarForm<T>.Parse tryParse, Func<T, string> show, bool isText = false, bool secret = false)
    : SettingForm<T>
{
    /// <summary>Reads a scalar; false when it is not allowed.</summary>
    public delegate bool Parse(SettingNode.Scalar scalar, out T value);

    /// <inheritdoc/>
    public override string Allowed { get; } = allowed;

    /// <inheritdoc/>
    public override bool IsText { get; } = isText;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out T value)
    {
        if (node is SettingNode.Scalar scalar && tryParse(scalar, out value))
            return true;
        value = default!;
        if (secret)
            problems.Error(node.Origin, path, $"the given value is not allowed; use {Allowed}");
        else
            problems.NotAllowed(node, path, Allowed);
        return false;
    }

    /// <inheritdoc/>
    public override string Show(T value) => show(value);
}
