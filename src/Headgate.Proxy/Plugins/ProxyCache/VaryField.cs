using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>A field of a request that an answer was chosen by. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">All its values, with commas between them; null = the request had none.</param>
internal sealed record VaryField(byte[] Name, byte[]? Value)
{
    /// <summary>The field as the request has it.</summary>
    public static VaryField Of(RequestEdits request, ReadOnlySpan<byte> name)
    {
        var joined = new ByteBuilder(stackalloc byte[256]);
        int place = 0, count = 0;
        for (; request.TryGetNext(name, ref place, out ReadOnlySpan<byte> value); count++)
        {
            if (count > 0)
                joined.Add(", "u8);
            joined.Add(value);
        }

        var field = new VaryField(name.ToArray(), count == 0 ? null : joined.Bytes.ToArray());
        joined.Dispose();
        return field;
    }

    /// <summary>Whether the request has the same. Allocates nothing.</summary>
    public bool Matches(RequestEdits request)
    {
        ReadOnlySpan<byte> left = Value;
        int place = 0, count = 0;
        for (; request.TryGetNext(Name, ref place, out ReadOnlySpan<byte> value); count++)
        {
            if (count > 0 && !TryPass(ref left, ", "u8))
                return false;
            if (!TryPass(ref left, value))
                return false;
        }

        return left.IsEmpty && count > 0 == Value is not null;
    }

    private static bool TryPass(ref ReadOnlySpan<byte> left, ReadOnlySpan<byte> text)
    {
        if (!left.StartsWith(text))
            return false;
        left = left[text.Length..];
        return true;
    }
}
