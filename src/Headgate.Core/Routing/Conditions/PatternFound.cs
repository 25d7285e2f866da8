using System.Buffers;
using System.Text;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>A regular expression is found anywhere in the variable, which is read as UTF-8.</summary>
internal sealed class PatternFound(RequestVariable variable, VarsPattern pattern) : VariableCondition(variable)
{
    private const int StackChars = 256;

    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value)
    {
        // UTF-8 never has more UTF-16 units than bytes, malformed bytes included.
        char[]? rented = value.Length > StackChars ? ArrayPool<char>.Shared.Rent(value.Length) : null;
        Span<char> text = rented ?? stackalloc char[StackChars];
        bool found = pattern.IsMatch(text[..Encoding.UTF8.GetChars(value, text)]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return found;
    }
}
