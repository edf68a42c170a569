"""Peer: EfficientNet-Lite0 of timm, all layers fine-tuned from JPEG files by the loop that a user of PyTorch would write, channels last.
Usage: lite0_loop.py PEERS_SCRIPTS WEIGHTS FOLDER BATCH EPOCHS bf16|fp32. Prints images a second, epoch by epoch. Batch norms keep their statistics, as ours do."""
import sys, time
scripts, weights, folder, batch, epochs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
bf16 = sys.argv[6] == "bf16"
sys.path.insert(0, scripts)
import tvshim, torch, torchvision as tv
from torchvision import transforms as T
from lite0_timm import features

change = T.Compose([T.RandomResizedCrop(224, scale=(0.5, 1)), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize([127 / 255] * 3, [128 / 255] * 3)])
pictures = tv.datasets.ImageFolder(folder, change)
loader = torch.utils.data.DataLoader(pictures, batch, shuffle=True, num_workers=2, drop_last=True, persistent_workers=True)
net = torch.nn.Sequential(features(weights), torch.nn.Linear(1280, len(pictures.classes))).to(memory_format=torch.channels_last).eval()
optimizer = torch.optim.AdamW(net.parameters(), 5e-5)
for epoch in range(epochs):
    began, count = time.time(), 0
    for x, y in loader:
        x = x.contiguous(memory_format=torch.channels_last)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", enabled=bf16, dtype=torch.bfloat16):
            loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        count += len(y)
    print(f"epoch {epoch}: {count / (time.time() - began):.1f} img/s", flush=True)
