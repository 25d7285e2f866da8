using System.Collections.Concurrent;
using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>
/// A plugin that reads bodies of requests: whole where it has <c>max</c>, and those that are larger pass when <c>passes</c> says so; as they pass where it has <c>taps</c>. With
/// <c>fails</c> it does so wrongly.
/// </summary>
internal sealed class BodyReadingKind(string name = "body", int priority = 100) : PluginKind<BodyReadingKind.BodyReadingConfig>
{
    /// <summary>Bodies that were read whole, and what came of the others.</summary>
    public ConcurrentQueue<string> Whole { get; } = new();

    /// <summary>Bodies that passed; those that broke off with <c>...</c> behind them.</summary>
    public ConcurrentQueue<string> Passed { get; } = new();

    public override string Name => name;

    public override int Priority => priority;

    public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

    protected override BodyReadingConfig? ReadConfig(ObjectReader reader)
    {
        var config = new BodyReadingConfig(reader.Integer("max"), reader.Flag("passes") ?? false, reader.Flag("taps") ?? false, reader.Flag("fails") ?? false);
        reader.ForbidOthers();
        return config;
    }

    protected override Plugin Make(BodyReadingConfig config, PluginServices services) => new BodyReadingPlugin(this, config);

    public sealed record BodyReadingConfig(int? Max, bool Passes, bool Taps, bool Fails) : PluginConfig;

    private sealed class BodyReadingPlugin(BodyReadingKind kind, BodyReadingConfig config) : Plugin
    {
        public override PluginPhases Phases => PluginPhases.Access;

        public override async ValueTask<PluginVerdict> AccessAsync(PluginContext context)
        {
            if (config.Taps)
                context.RequestBody.Tap(new Tap(kind, config.Fails));
            if (config.Max is not { } max)
                return PluginVerdict.Continue;
            switch (await context.RequestBody.ReadAsync(max))
            {
                case BodyReading.Whole:
                    context.RequestBody.IsWhole.ShouldBeTrue();
                    kind.Whole.Enqueue(Encoding.Latin1.GetString(context.RequestBody.Bytes));
                    return PluginVerdict.Continue;
                case BodyReading.TooLarge:
                    kind.Whole.Enqueue("too large");
                    return config.Passes ? PluginVerdict.Continue : context.Answer(413);
                default:
                    kind.Whole.Enqueue($"broken {context.RequestBody.FailureStatus}");
                    return context.AnswerBrokenBody();
            }
        }
    }

    private sealed class Tap(BodyReadingKind kind, bool fails) : BodyTap
    {
        private readonly StringBuilder _seen = new();

        public override void OnRun(ReadOnlySpan<byte> run)
        {
            if (fails)
                throw new InvalidOperationException("a mistake");
            run.Length.ShouldBeGreaterThan(0);
            _seen.Append(Encoding.Latin1.GetString(run));
        }

        public override void OnEnd(bool isWhole) => kind.Passed.Enqueue(_seen + (isWhole ? "" : "..."));
    }
}
