using System.Text;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>The variable is one of these texts.</summary>
internal sealed class TextIn : VariableCondition
{
    private readonly RadixNode<object> _texts = RadixNode<object>.Empty;

    /// <summary>Compiles the list into a tree, so that a long one costs no more than a short one.</summary>
    public TextIn(RequestVariable variable, IEnumerable<string> texts)
        : base(variable)
    {
        foreach (string text in texts)
            _texts = _texts.With(Encoding.UTF8.GetBytes(text), asPrefix: false, text);
    }

    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value) => _texts.Get(value, asPrefix: false) is not null;
}
