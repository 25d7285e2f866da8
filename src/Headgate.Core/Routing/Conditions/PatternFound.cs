using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>A regular expression is found anywhere in the variable, which is read as UTF-8. A match that takes too long counts as not found.</summary>
internal sealed class PatternFound(RequestVariable variable, Regex regex) : VariableCondition(variable)
{
    private const int StackChars = 256;

    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value)
    {
        // UTF-8 never has more UTF-16 units than bytes, malformed bytes included.
        char[]? rented = value.Length > StackChars ? ArrayPool<char>.Shared.Rent(value.Length) : null;
        Span<char> text = rented ?? stackalloc char[StackChars];
        try
        {
            return regex.IsMatch(text[..Encoding.UTF8.GetChars(value, text)]);
        }
        catch (RegexMatchTimeoutException)
        {
            // Only a pattern that has to backtrack gets here, on a value made to hurt it: not matching is the answer that does least.
            return false;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }
}
