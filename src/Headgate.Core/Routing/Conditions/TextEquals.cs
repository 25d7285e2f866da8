using System.Text;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>The variable is this text, byte by byte.</summary>
internal sealed class TextEquals(RequestVariable variable, string text) : VariableCondition(variable)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value) => value.SequenceEqual(_text);
}
