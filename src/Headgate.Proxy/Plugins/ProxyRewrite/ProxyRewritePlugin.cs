using System.Text;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyRewrite;

/// <summary>Changes target, Host, method and header fields of what the node gets.</summary>
internal sealed class ProxyRewritePlugin(ProxyRewriteConfig config) : Plugin
{
    private const int StackBytes = 512;

    private readonly RequestTemplate? _uri = config.Uri is { } uri ? TemplateParser.Value(uri) : null;
    private readonly Substitution[] _pairs = [.. config.RegexUri.Items.Chunk(2).Select(static pair => Substitution.Of(pair[0], pair[1]))];
    private readonly byte[]? _host = config.Host is { } host ? Encoding.ASCII.GetBytes(host) : null;
    private readonly byte[]? _method = config.Method is { } method ? Encoding.ASCII.GetBytes(method) : null;
    private readonly Field[] _added = [.. config.Add.Items.Select(static field => new Field(field, isFirst: false))];
    private readonly Field[] _set = [.. config.Set.Items.Select((field, i) => new Field(field, config.Set.Items.Take(i).All(before => !Same(before.Name, field.Name))))];
    private readonly byte[][] _removed = [.. config.Remove.Items.Select(Encoding.ASCII.GetBytes)];
    private readonly bool _usesGroupsInFields = config.Add.Items.Concat(config.Set.Items).Any(static field => TemplateParser.ValueWithGroups(field.Value).HasGroups);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        RequestEdits node = context.Forwarded;
        if (_host is not null)
            node.SetHost(_host);
        Span<(int Start, int Length)> groups = stackalloc (int, int)[Captures.Max];
        ReadOnlySpan<byte> path = config.UsesRealRequestUri ? context.Request.RequestUri : context.Request.Path;
        int count = 0;
        if (_uri is not null)
            Rewrite(context);
        else if (_pairs.Length > 0 && Substitute(context, path, groups, out count) == Found.Unknown)
            return new(context.Answer(500));
        else if (_pairs.Length == 0 && config.UsesRealRequestUri && path is [(byte)'/', ..])
            node.SetTarget(path);
        SetFields(context, new Captures(path, groups[..count]));
        // The answer to HEAD has no body, and what a node sends to another method may have one.
        if (_method is not null && !context.Request.Method.SequenceEqual("HEAD"u8))
            node.SetMethod(_method);
        return default;
    }

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private void Rewrite(PluginContext context)
    {
        var target = new ByteBuilder(stackalloc byte[StackBytes]);
        bool hasQuery;
        if (config.UsesRealRequestUri)
        {
            _uri!.Write(context.Request, default, ref target, TextSets.Target);
            hasQuery = target.Bytes.Contains((byte)'?');
        }
        else
        {
            hasQuery = _uri!.WriteTarget(context.Request, default, ref target);
        }

        SetTarget(context, ref target, hasQuery, context.Request.Query);
        target.Dispose();
    }

    /// <summary>The first pattern that is found counts.</summary>
    private Found Substitute(PluginContext context, ReadOnlySpan<byte> path, Span<(int Start, int Length)> groups, out int count)
    {
        count = 0;
        foreach (Substitution pair in _pairs)
        {
            Found found = pair.Match(path, pair.Replacement.HasGroups || _usesGroupsInFields ? groups : groups[..1], out count);
            if (found == Found.Unknown)
                return found;
            if (found == Found.No)
                continue;
            var target = new ByteBuilder(stackalloc byte[StackBytes]);
            Write(context, pair, path, groups[..count], ref target);
            target.Dispose();
            return found;
        }

        return Found.No;
    }

    private void Write(PluginContext context, Substitution pair, ReadOnlySpan<byte> path, ReadOnlySpan<(int Start, int Length)> groups, ref ByteBuilder target)
    {
        ReadOnlySpan<byte> before = path[..groups[0].Start], after = path[(groups[0].Start + groups[0].Length)..];
        var captures = new Captures(path, groups);
        if (config.UsesRealRequestUri)
        {
            target.Add(before);
            pair.Replacement.Write(context.Request, captures, ref target, TextSets.Target);
            target.Add(after);
            SetTarget(context, ref target, hasQuery: true, query: default);
            return;
        }

        target.AddEncoded(before, TextSets.Path);
        bool hasQuery = pair.Replacement.WriteTarget(context.Request, captures, ref target);
        target.AddEncoded(after, hasQuery ? TextSets.Target : TextSets.Path);
        SetTarget(context, ref target, hasQuery, context.Request.Query);
    }

    private static void SetTarget(PluginContext context, ref ByteBuilder target, bool hasQuery, ReadOnlySpan<byte> query)
    {
        if (!query.IsEmpty)
        {
            target.Add((byte)(hasQuery ? '&' : '?'));
            target.AddEncoded(query, TextSets.Target);
        }

        if (target.Bytes is [(byte)'/', ..])
        {
            context.Forwarded.SetTarget(target.Bytes);
            return;
        }

        // A request line needs a path that begins with a slash, whatever the replacement makes.
        var slashed = new ByteBuilder(stackalloc byte[StackBytes]);
        slashed.Add((byte)'/');
        slashed.Add(target.Bytes);
        context.Forwarded.SetTarget(slashed.Bytes);
        slashed.Dispose();
    }

    private void SetFields(PluginContext context, Captures captures)
    {
        if (_added.Length + _set.Length > 0)
        {
            var value = new ByteBuilder(stackalloc byte[StackBytes]);
            foreach (Field field in _added)
                context.Forwarded.Add(field.Name, field.Write(context.Request, captures, ref value));
            foreach (Field field in _set)
            {
                ReadOnlySpan<byte> written = field.Write(context.Request, captures, ref value);
                if (field.IsFirst)
                    context.Forwarded.Set(field.Name, written);
                else
                    context.Forwarded.Add(field.Name, written);
            }

            value.Dispose();
        }

        foreach (byte[] name in _removed)
            context.Forwarded.Remove(name);
    }

    /// <summary>A field that is sent; the first of its name replaces those that are there.</summary>
    private sealed class Field(HeaderTemplate field, bool isFirst)
    {
        private readonly RequestTemplate _value = TemplateParser.ValueWithGroups(field.Value);

        public byte[] Name { get; } = Encoding.ASCII.GetBytes(field.Name);

        public bool IsFirst { get; } = isFirst;

        /// <summary>The value, in <paramref name="to"/> until the next is written.</summary>
        public ReadOnlySpan<byte> Write(IRequestView request, scoped Captures captures, ref ByteBuilder to)
        {
            to.Clear();
            _value.Write(request, captures, ref to, TextSets.Field);
            return to.Bytes;
        }
    }
}
