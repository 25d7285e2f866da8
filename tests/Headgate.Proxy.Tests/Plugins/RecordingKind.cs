using System.Collections.Concurrent;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>A plugin that tells which of its phases ran, and does at <c>at</c> what <c>do</c> says: <c>answer</c>, <c>throw</c> or <c>wait</c> for <see cref="Gate"/>.</summary>
internal sealed class RecordingKind(string name, int priority) : PluginKind<RecordingKind.RecordingConfig>
{
    /// <summary>What ran, as <c>name.phase</c>, of all plugins made by kinds that share it.</summary>
    public ConcurrentQueue<string> Calls { get; init; } = new();

    /// <summary>What a waiting plugin waits for.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Instances made.</summary>
    public int Made { get; private set; }

    public override string Name => name;

    public override int Priority => priority;

    public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

    protected override RecordingConfig? ReadConfig(ObjectReader reader)
    {
        var config = new RecordingConfig(reader.Text("at") ?? "", reader.Text("do") ?? "");
        reader.ForbidOthers();
        return config;
    }

    protected override Plugin Make(RecordingConfig config, PluginServices services)
    {
        Made++;
        return new Recording(this, config);
    }

    public sealed record RecordingConfig(string At, string Do) : PluginConfig;

    private sealed class Recording(RecordingKind kind, RecordingConfig config) : Plugin
    {
        public override PluginPhases Phases =>
            PluginPhases.Rewrite | PluginPhases.Access | PluginPhases.BeforeProxy | PluginPhases.ResponseHead | PluginPhases.End;

        public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context) => RunAsync("rewrite", context);

        public override ValueTask<PluginVerdict> AccessAsync(PluginContext context) => RunAsync("access", context);

        public override ValueTask<PluginVerdict> BeforeProxyAsync(PluginContext context) => RunAsync("before_proxy", context);

        public override void OnResponseHead(PluginContext context) => _ = RunAsync("head", context).AsTask();

        public override void OnEnd(PluginContext context) => _ = RunAsync("end", context).AsTask();

        private ValueTask<PluginVerdict> RunAsync(string phase, PluginContext context)
        {
            kind.Calls.Enqueue($"{kind.Name}.{phase}");
            return phase != config.At ? default : config.Do switch
            {
                "answer" => new(context.Answer(418, "text/plain"u8, "short and stout"u8)),
                "throw" => throw new InvalidOperationException("a mistake"),
                "throw-later" => ThrowAsync(),
                _ => WaitAsync(),
            };
        }

        private async ValueTask<PluginVerdict> WaitAsync()
        {
            int thread = Environment.CurrentManagedThreadId;
            await kind.Gate.Task;
            bool isOnLoop = SynchronizationContext.Current is not null;
            kind.Calls.Enqueue(isOnLoop ? thread == Environment.CurrentManagedThreadId ? "back on the loop" : "on another thread" : "no loop");
            return PluginVerdict.Continue;
        }

        private async ValueTask<PluginVerdict> ThrowAsync()
        {
            await kind.Gate.Task;
            throw new InvalidOperationException("a later mistake");
        }
    }
}
