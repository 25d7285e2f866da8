using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>Changes arguments of the query that the node gets.</summary>
internal static class QueryArgument
{
    /// <summary>Sends no argument of that name; nothing is changed when there is none. The rest stays byte by byte, as it may be signed.</summary>
    public static void Remove(PluginContext context, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> target = context.Forwarded.Target.IsEmpty ? context.Request.RequestUri : context.Forwarded.Target;
        int mark = target.IndexOf((byte)'?');
        if (mark < 0 || !Has(target[(mark + 1)..], name))
            return;

        var kept = new ByteBuilder(stackalloc byte[256]);
        kept.Add(target[..mark]);
        byte lead = (byte)'?';
        foreach (Range range in target[(mark + 1)..].Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = target[(mark + 1)..][range];
            if (QueryArguments.IsNamed(pair, name))
                continue;
            kept.Add(lead);
            kept.Add(pair);
            lead = (byte)'&';
        }

        context.Forwarded.SetTarget(kept.Bytes);
        kept.Dispose();
    }

    private static bool Has(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name)
    {
        foreach (Range range in query.Split((byte)'&'))
        {
            if (QueryArguments.IsNamed(query[range], name))
                return true;
        }

        return false;
    }
}
